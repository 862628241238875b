//! Brings a panic handler of its own, of which a program has one: a second, that of the standard
//! library, is an error of compilation. So this works with no target but the machine's own.
#![no_std]

use lanesum as _;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}
