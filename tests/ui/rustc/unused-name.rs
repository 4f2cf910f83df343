#![deny(deprecated)]

use shapewise::network;

network! {
    block Part(channels, kernel) {
        conv(channels, 3x3);
    }

    pub struct Net<const CLASSES: usize>(image: 16x16x8) -> (out) {
        let width = 8;
        let _unread = 9;
        #[allow(unused_name)]
        let meant = 10;
        Part(16, 3x3);
    }
}

fn main() {}
