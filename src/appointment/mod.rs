//! The trade: what is bookable, what is free, what a booking is and what a change of it means. Pure.

pub mod answers;
pub mod booking;
pub mod description;
pub mod gesture;
pub mod holiday;
pub mod hours;
pub mod link;
pub mod notice;
pub mod practice;
pub mod refusal;
pub mod service;
pub mod shadow;
pub mod slot;
pub mod team;
pub mod telephone;
pub mod view;
pub mod words;
