//! What happens at a point, as the environment says.

use std::{
    any::type_name,
    env,
    fs::{File, OpenOptions},
    io::Write,
    process::{self, Command},
    sync::{LazyLock, Mutex, PoisonError},
};

use super::Side;

#[derive(Debug)]
struct Plan {
    /// The point, which time it counts, and what happens then.
    fail: Option<(String, u32, Action)>,
    log: Option<File>,
}

#[derive(Debug, Clone, Copy)]
enum Action {
    Abort,
    Stop,
}

static PLAN: LazyLock<Mutex<Plan>> = LazyLock::new(|| {
    let log = env::var_os("FAILPOINTS_LOG")
        .and_then(|path| OpenOptions::new().create(true).append(true).open(path).ok());
    let fail = env::var("FAILPOINT").ok().and_then(|text| read(&text));
    Mutex::new(Plan { fail, log })
});

fn read(text: &str) -> Option<(String, u32, Action)> {
    let (point, action) = text.split_once('=')?;
    let (name, time) = point.split_once(':')?;
    let action = match action {
        "abort" => Action::Abort,
        "stop" => Action::Stop,
        _ => return None,
    };
    Some((name.to_owned(), time.parse().ok()?, action))
}

/// The process has come to this point.
pub(crate) fn reached(step: &str, side: Side) {
    let point = match side {
        Side::Before => format!("{step}.before"),
        Side::After => format!("{step}.after"),
    };
    let action = {
        let mut plan = PLAN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(log) = &mut plan.log {
            let _ = log.write_all(format!("{point}\n").as_bytes());
        }
        match &mut plan.fail {
            Some((name, left, action)) if *name == point => {
                *left = left.saturating_sub(1);
                let action = *action;
                (*left == 0).then(|| {
                    plan.fail = None;
                    action
                })
            }
            _ => None,
        }
    };
    match action {
        None => {}
        Some(Action::Abort) => process::abort(),
        Some(Action::Stop) => {
            // Every thread stops, this one included.
            let _ = Command::new("kill")
                .args(["-STOP", &process::id().to_string()])
                .status();
        }
    }
}

/// The same for a change of the database, under the name of the function that makes it.
pub(crate) fn written<F>(side: Side) {
    let names = type_name::<F>().split("::");
    let function = names
        .take_while(|name| *name != "{{closure}}")
        .last()
        .and_then(|name| name.split('<').next())
        .unwrap_or_default();
    reached(function, side);
}
