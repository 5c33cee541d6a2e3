//! Ports of this machine.

use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Context, Result};

/// Fails when another program listens on one of them, or two of them are the same; names the flag that chooses
/// another port.
pub(crate) fn need<const N: usize>(wanted: [(u16, &str); N]) -> Result<()> {
    // All are held until all are known.
    let mut held = Vec::with_capacity(N);
    for (port, flag) in wanted {
        let one = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).with_context(|| {
            format!(
                "port {port} is taken; stop the program that uses it, or choose another with {flag}"
            )
        })?;
        held.push(one);
    }
    Ok(())
}

/// Different ports that nobody uses.
pub(crate) fn free<const N: usize>() -> Result<[u16; N]> {
    let mut held = Vec::with_capacity(N);
    let mut ports = [0; N];
    for port in &mut ports {
        let one = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port is free")?;
        *port = one.local_addr()?.port();
        held.push(one);
    }
    Ok(ports)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_named_with_the_fix() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let error = need([(port, "--port")]).unwrap_err().to_string();
        assert!(error.contains(&format!("port {port} is taken")) && error.contains("--port"));
        drop(taken);
        need([(port, "--port")]).unwrap();
        need([(port, "--port"), (port, "--pay-port")]).unwrap_err();
    }
}
