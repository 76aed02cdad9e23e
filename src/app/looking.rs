//! Looking for free times: no further than an answer needs, so that a page costs what it shows, not how far ahead one may book.

use chrono::NaiveDate;

use super::App;
use super::stage::{Asking, Detail, Stage};
use crate::appointment::refusal::Refusal;
use crate::appointment::slot::{self, Grid, Slot};
use crate::ical::time::Seconds;

/// How many free times are offered instead of one that is gone.
const OFFERED: usize = 6;

impl App {
    /// The grid of so many days from one on, or from the first that has a free time.
    pub(super) async fn grid_of(
        &self,
        stage: &Stage<'_>,
        asking: Asking<'_>,
        from: Option<NaiveDate>,
        columns: usize,
    ) -> Result<Grid, Refusal> {
        let all = slot::horizon(stage.service, &stage.zone, asking.now);
        let board = self.board(stage, asking, all).await?;
        let mut first_free = None;
        for days in all.pieces() {
            let scene = self.scene(&board, days, Detail::Free).await?;
            first_free = scene.first_free();
            if first_free.is_none() {
                continue;
            }
            // Mostly what is to be shown is among what was just read.
            if let Some(grid) = scene.grid(first_free.clone(), from, columns) {
                return Ok(grid);
            }
            break;
        }
        let first_day = first_free.as_ref().map_or(all.first, |slot| stage.zone.utc_to_local(slot.range.start).date());
        for days in all.around(from.unwrap_or(first_day)) {
            let scene = self.scene(&board, days, Detail::Free).await?;
            if let Some(grid) = scene.grid(first_free.clone(), from, columns) {
                return Ok(grid);
            }
        }
        Err(Refusal::Failed("a scene of all days does not say what they hold".into()))
    }

    /// The free times nearest to one, in order.
    pub(super) async fn nearest_of<'s>(&self, stage: &'s Stage<'s>, asking: Asking<'s>, start: Seconds) -> Result<Vec<Slot>, Refusal> {
        let all = slot::horizon(stage.service, &stage.zone, asking.now);
        let board = self.board(stage, asking, all).await?;
        for days in all.around(stage.zone.utc_to_local(start).date()) {
            let scene = self.scene(&board, days, Detail::Free).await?;
            if let Some(nearest) = scene.nearest(start, OFFERED) {
                return Ok(nearest);
            }
        }
        Err(Refusal::Failed("a scene of all days does not say what is free in them".into()))
    }
}
