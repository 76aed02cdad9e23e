//! Every way in which an operation can be refused, in the RFCs' words.
//!
//! Not for: what a customer reads on a page when a booking is refused; that is `appointment::refusal`.
//! RFC 4918 §16 (precondition codes), RFC 4791 §1.3 and §5.3.2.1, RFC 6578 §3.2, RFC 3744 §7.1.1 and §8.1.1.

use crate::principal::Privilege;

/// What a caller can do about a refusal. The HTTP status follows from the variant alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// 404: nothing is there, or the caller may not know that something is.
    NotFound,
    /// 401: no credentials, or wrong ones.
    Unauthenticated,
    /// 403 with DAV:need-privileges: known, but not allowed.
    Forbidden(Privilege),
    /// 412: a condition of the request (If-Match, If-None-Match) does not hold.
    Stale,
    /// 400: the request cannot be read. One sentence of ours, never a parser's dump.
    Malformed(String),
    /// 403, 409, 413 or 507 with the precondition's element.
    Refused(Precondition, String),
    /// 409: the collection that it shall lie in is not there (RFC 4918 §9.3.1, §9.7.1).
    NoParent,
    /// 403: it cannot be done here, whoever asks. One sentence of ours that says why.
    Declined(String),
    /// 405: this target has no such method.
    NotAllowed,
    /// 503: try again later; never used for wrong credentials.
    Busy,
    /// 500: ours. The text is logged under a number; only the number is shown.
    Failed(String),
}

/// The result of everything that can be refused.
pub type Result<T> = std::result::Result<T, Error>;

/// A precondition or postcondition that an RFC names; each knows its element and its status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precondition {
    /// CALDAV:valid-calendar-data (RFC 4791 §5.3.2.1)
    ValidCalendarData,
    /// CALDAV:valid-calendar-object-resource
    ValidCalendarObjectResource,
    /// CALDAV:supported-calendar-data
    SupportedCalendarData,
    /// CALDAV:supported-calendar-component
    SupportedCalendarComponent,
    /// CARDDAV:valid-address-data (RFC 6352 §6.3.2.1)
    ValidAddressData,
    /// CARDDAV:supported-address-data
    SupportedAddressData,
    /// CARDDAV:supported-address-data-conversion (RFC 6352 §5.1.1.1)
    SupportedAddressDataConversion,
    /// CARDDAV:addressbook-collection-location-ok (RFC 6352 §5.2)
    AddressbookCollectionLocationOk,
    /// CALDAV:no-uid-conflict; like the next four of CARDDAV where an address book is asked
    NoUidConflict,
    /// CALDAV:max-resource-size
    MaxResourceSize,
    /// CALDAV:max-instances
    MaxInstances,
    /// CALDAV:supported-filter (§7.8)
    SupportedFilter,
    /// CALDAV:valid-filter
    ValidFilter,
    /// CALDAV:supported-collation
    SupportedCollation,
    /// CALDAV:calendar-collection-location-ok (§5.3.1.1)
    CalendarCollectionLocationOk,
    /// DAV:resource-must-be-null (RFC 4918 §9.3, RFC 4791 §5.3.1.1)
    ResourceMustBeNull,
    /// DAV:valid-resourcetype (RFC 5689 §3.3)
    ValidResourcetype,
    /// DAV:propfind-finite-depth (RFC 4918 §9.1)
    PropfindFiniteDepth,
    /// DAV:valid-sync-token (RFC 6578 §3.2)
    ValidSyncToken,
    /// DAV:sync-traversal-supported (RFC 6578 §3.3)
    SyncTraversalSupported,
    /// DAV:number-of-matches-within-limits (RFC 6578 §3.6, RFC 5323)
    NumberOfMatchesWithinLimits,
    /// DAV:supported-report (RFC 3253 §3.6)
    SupportedReport,
    /// DAV:cannot-modify-protected-property (RFC 4918 §16)
    CannotModifyProtectedProperty,
    /// DAV:quota-not-exceeded (RFC 4331)
    QuotaNotExceeded,
    /// DAV:no-ace-conflict (RFC 3744 §8.1.1)
    NoAceConflict,
    /// DAV:no-protected-ace-conflict
    NoProtectedAceConflict,
    /// DAV:no-inherited-ace-conflict
    NoInheritedAceConflict,
    /// DAV:limited-number-of-aces
    LimitedNumberOfAces,
    /// DAV:grant-only
    GrantOnly,
    /// DAV:no-invert
    NoInvert,
    /// DAV:no-abstract
    NoAbstract,
    /// DAV:not-supported-privilege
    NotSupportedPrivilege,
    /// DAV:recognized-principal
    RecognizedPrincipal,
    /// DAV:allowed-principal
    AllowedPrincipal,
    /// CALDAV:valid-scheduling-message (RFC 6638 §5.2.1)
    ValidSchedulingMessage,
    /// CALDAV:valid-organizer (RFC 6638 §5.2.2)
    ValidOrganizer,
    /// CALDAV:default-calendar-needed (RFC 6638 §4.3.1.1)
    DefaultCalendarNeeded,
    /// CALDAV:valid-schedule-default-calendar-URL (RFC 6638 §4.3.1.2)
    ValidScheduleDefaultCalendarUrl,
    /// CALDAV:valid-timezone (RFC 7809 §5.2)
    ValidTimezone,
}
