//! Records of logins' plain files.

use minicbor::{Decode, Encode};

use crate::collection::Etag;

/// How much a login's files take.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode)]
pub struct FilesRecord {
    /// Goes up with every change, so that it can be their lock; files, folders and bodies get their numbers from it.
    #[n(0)]
    pub last: u64,
    /// Octets of all bodies and dead properties.
    #[n(1)]
    pub octets: u64,
    /// Files and folders.
    #[n(2)]
    pub entries: u64,
}

/// A file or a folder.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct FileRecord {
    /// Its number: what lies in a folder, and the dead properties, stand under it. It stays when the name changes.
    #[n(0)]
    pub number: u64,
    /// What a file holds; a folder has none.
    #[n(1)]
    pub body: Option<FileBody>,
    /// Seconds since 1970, UTC.
    #[n(2)]
    pub created: i64,
    /// Seconds since 1970, UTC: when a file was last written.
    #[n(3)]
    pub modified: i64,
    /// Octets of its dead properties.
    #[n(4)]
    pub properties: u64,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct FileBody {
    /// Under which its octets stand. They never change: another content is another body.
    #[n(0)]
    pub number: u64,
    /// The tag of its octets.
    #[n(1)]
    pub etag: Etag,
    /// Octets.
    #[n(2)]
    pub size: u64,
    /// As the client named it.
    #[n(3)]
    pub content_type: String,
}
