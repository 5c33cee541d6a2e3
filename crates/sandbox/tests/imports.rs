//! Arrows between the sandbox's modules point inward.

#[test]
fn no_module_imports_what_lies_further_out() {
    let faults = import_check::Crate::at(env!("CARGO_MANIFEST_DIR"))
        .layers(&[
            // Values and small tools.
            &[
                "changes",
                "error",
                "event_type",
                "hangup",
                "isolation",
                "limits",
                "pages",
                "same_origin",
                "shape",
                "sync",
            ],
            // Services.
            &["clock", "faults", "request_log", "webhooks"],
            &["toss"],
            &["rest"],
            &["timekeeper"],
            &["config", "file"],
            &["app_state"],
            // What is answered to browsers, and to tests.
            &["window", "sdk"],
            &["control", "console"],
            // The program.
            &["router"],
            &["server"],
            &["handle"],
        ])
        .check();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
