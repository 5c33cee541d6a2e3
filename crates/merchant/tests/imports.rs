//! Arrows between modules point inward.

#[test]
fn modules_import_each_other_without_cycles_and_only_inward() {
    let faults = import_check::Crate::at(env!("CARGO_MANIFEST_DIR"))
        .layers(&[
            &["domain"],
            &[
                "clock",
                "crypto",
                "failpoints",
                "telemetry",
                "trace",
                "timing",
            ],
            &["notifier"],
            &["application"],
            &["provider", "publisher", "store", "jobs"],
            &["config"],
            &["network"],
            &["server"],
            &["app_state"],
            &["http"],
            &["app"],
            &["doctor", "cli"],
        ])
        .check();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
