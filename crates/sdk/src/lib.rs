//! toss-payments-sdk
