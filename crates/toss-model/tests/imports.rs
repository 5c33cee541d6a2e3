//! The modules of the model import each other without cycles.

#[test]
fn no_module_is_imported_by_what_it_imports() {
    let faults = import_check::Crate::at(env!("CARGO_MANIFEST_DIR")).check();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
