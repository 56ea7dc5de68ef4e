//! Bytes on stdin: whatever they are, one envelope comes out.
#![no_main]

use libfuzzer_sys::fuzz_target;
use zoom_runner_fuzz::run;

fuzz_target!(|bytes: &[u8]| {
    run(bytes, &[(204, b"")]);
});
