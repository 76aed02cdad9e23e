//! libical, asked through `libical.c`.

use std::ffi::{CString, c_char, c_long, c_void};

use crate::contest::Answer;

#[repr(C)]
#[derive(Default)]
struct Found {
    count: c_long,
    sum: c_long,
}

impl From<Found> for Answer {
    fn from(found: Found) -> Answer {
        Answer { count: found.count, sum: found.sum }
    }
}

unsafe extern "C" {
    fn libical_read(text: *const c_char) -> *mut c_void;
    fn libical_count(calendar: *mut c_void, found: *mut Found);
    fn libical_free(calendar: *mut c_void);
    fn libical_occurrences(calendar: *mut c_void, start: c_long, end: c_long, found: *mut Found);
}

/// A VCALENDAR as libical has read it.
pub struct Calendar(*mut c_void);

impl Calendar {
    pub fn read(text: &CString) -> Calendar {
        // SAFETY: the text ends with a zero and is copied.
        let calendar = unsafe { libical_read(text.as_ptr()) };
        assert!(!calendar.is_null(), "libical can't read an object");
        Calendar(calendar)
    }

    /// Its components and properties.
    pub fn parts(&self) -> Answer {
        let mut found = Found::default();
        // SAFETY: the calendar is libical's and not yet freed.
        unsafe { libical_count(self.0, &mut found) };
        found.into()
    }

    /// The occurrences of its first event that overlap a range, and the sum of their starts.
    pub fn occurrences(&self, start: i64, end: i64) -> Answer {
        let mut found = Found::default();
        // SAFETY: as above; nothing of the answer outlives the call.
        unsafe { libical_occurrences(self.0, start, end, &mut found) };
        found.into()
    }
}

impl Drop for Calendar {
    fn drop(&mut self) {
        // SAFETY: it was made by libical_read and is freed once.
        unsafe { libical_free(self.0) }
    }
}
