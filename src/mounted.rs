//! A page that is shown.
#![expect(
    clippy::disallowed_types,
    reason = "what `#[wasm_bindgen]` writes for an exported type"
)]

use std::{any::Any, cell::RefCell, fmt, mem, rc::Rc};

use gloo_timers::callback::Timeout;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::HtmlElement;

use crate::crash;

/// A page that is shown. It stays when nobody holds this any more.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Mounted(Option<Parts>);

struct Parts {
    /// Ends what runs behind the page.
    end: Box<dyn FnOnce()>,
    /// What unmounts the view when it is dropped.
    view: Rc<RefCell<Option<Box<dyn Any>>>>,
    drawing: Timeout,
    guard: crash::Guard,
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts").finish_non_exhaustive()
    }
}

impl Mounted {
    /// Draws the page in `host`, after what it has begun with: keys are sent first, and what is there
    /// already is drawn first. Until then, what was in `host` stays. `draw` answers what unmounts the view
    /// when it is dropped, `end` ends what runs behind it.
    pub(crate) fn new(
        host: HtmlElement,
        words: crash::LastWords,
        draw: impl FnOnce(HtmlElement) -> Box<dyn Any> + 'static,
        end: impl FnOnce() + 'static,
    ) -> Self {
        let view = Rc::new(RefCell::new(None));
        let guard = crash::Guard::new(host.clone().into(), words);
        let drawing = {
            let view = view.clone();
            Timeout::new(0, move || {
                host.replace_children_with_node_0();
                let handle = draw(host);
                view.replace(Some(handle));
            })
        };
        Self(Some(Parts {
            end: Box::new(end),
            view,
            drawing,
            guard,
        }))
    }
}

#[wasm_bindgen]
impl Mounted {
    /// Takes the page away: requests, timers, streams and listeners end, and an open window is closed.
    pub fn unmount(mut self) {
        if let Some(parts) = self.0.take() {
            (parts.end)();
            drop((parts.drawing, parts.guard, parts.view.take()));
        }
    }
}

impl Drop for Mounted {
    /// JavaScript's garbage collector drops what a loader did not keep.
    fn drop(&mut self) {
        mem::forget(self.0.take());
    }
}
