//! Small parts that several screens share.

mod copy_button;
mod countdown;
mod el;
mod format;
mod screen;
mod terms;

pub(crate) use copy_button::copy_button;
pub(crate) use countdown::countdown;
pub(crate) use el::{El, el};
pub(crate) use format::{card_number, deadline, money};
pub(crate) use screen::{Mark, Screen, button, button_that, link, row, row_of, shop_link};
pub(crate) use terms::{consent, terms};
