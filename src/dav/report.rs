use super::Call; use crate::error::*; use crate::exchange::Reply; pub async fn report(_c: Call) -> Result<Reply> { Err(Error::NotAllowed) }
