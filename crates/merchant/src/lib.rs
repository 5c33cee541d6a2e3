//! toss-merchant
