//! toss-sandbox
