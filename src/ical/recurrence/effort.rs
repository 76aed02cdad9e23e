//! What one question may spend, over all the searches that it takes.
//!
//! Not for: what a step is (`expand`).

use chrono::NaiveDateTime;

use super::expand::{Expansion, MAX_STEPS, too_much};
use crate::error::Result;

/// How many steps all expansions for one question may take together: that of a rule, and that of what takes its times out.
pub const MAX_EFFORT: u32 = 2 * MAX_STEPS;

/// What is left to spend. Whoever asks one series several times passes it on from search to search.
#[derive(Debug, Clone, Copy)]
pub struct Effort(u32);

impl Default for Effort {
    fn default() -> Effort {
        Effort(MAX_EFFORT)
    }
}

impl Effort {
    /// Takes steps off; refused where they are more than there are left, and from then on.
    pub(super) fn spend(&mut self, steps: u32) -> Result<()> {
        let left = self.0.checked_sub(steps);
        self.0 = left.unwrap_or(0);
        left.map(|_| ()).ok_or_else(too_much)
    }

    /// The next time of an expansion, paid for.
    pub(super) fn advance(&mut self, expansion: &mut Expansion) -> Result<Option<NaiveDateTime>> {
        let before = expansion.steps();
        let next = expansion.advance();
        self.spend(expansion.steps().saturating_sub(before))?;
        next
    }
}
