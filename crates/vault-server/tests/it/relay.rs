//! The mailbox of devices that are about to meet.

use vault_protocol::api::{
    ApiError, Call as _, RelayChannel, RelayClose, RelayReceive, RelaySend, RelaySide, bounds::MAX_RELAY_MESSAGES, bounds::RELAY_LIFE_MS,
};
use vault_server::{Service, block_on, store::Store};

use crate::{client::Server, stores::on_every_store};

on_every_store!(
    each_side_hears_the_other_in_order,
    a_place_is_taken_once,
    a_channel_holds_sixteen_messages_for_ten_minutes,
    a_closed_channel_is_empty,
);

const CHANNEL: RelayChannel = RelayChannel([0xc4; 16]);

fn send(side: RelaySide, number: u32, message: &str) -> RelaySend {
    RelaySend { channel: CHANNEL, side, number, message: message.as_bytes().to_vec() }
}

fn receive(side: RelaySide, number: u32) -> RelayReceive {
    RelayReceive { channel: CHANNEL, side, number, timeout_secs: 25 }
}

fn each_side_hears_the_other_in_order<S: Store>(store: S) {
    let server = Server::new(store);
    let request = receive(RelaySide::Host, 1).to_http(None);
    let reply = server.raw(&request);
    assert_eq!(reply.status, 204);
    assert_eq!(Service::<S>::patience(&request, &reply).unwrap().timeout_secs, 25);
    for (side, number, message) in [(RelaySide::Host, 1, "a"), (RelaySide::Guest, 1, "b"), (RelaySide::Host, 2, "c")] {
        server.call(&send(side, number, message), None).unwrap();
        assert_eq!(server.call(&receive(side, number), None).unwrap().unwrap(), message.as_bytes());
    }
    assert_eq!(server.call(&receive(RelaySide::Guest, 2), None).unwrap(), None);
}

fn a_place_is_taken_once<S: Store>(store: S) {
    let server = Server::new(store);
    server.call(&send(RelaySide::Host, 1, "a"), None).unwrap();
    server.call(&send(RelaySide::Host, 1, "a"), None).unwrap();
    for refused in [send(RelaySide::Host, 1, "b"), send(RelaySide::Host, 3, "c"), send(RelaySide::Guest, 2, "d")] {
        assert_eq!(server.call(&refused, None), Err(ApiError::RelayConflict));
    }
}

fn a_channel_holds_sixteen_messages_for_ten_minutes<S: Store>(store: S) {
    let mut server = Server::new(store);
    for number in 1..=(MAX_RELAY_MESSAGES as u32 / 2) {
        server.call(&send(RelaySide::Host, number, "x"), None).unwrap();
        server.now_ms += 1000;
        server.call(&send(RelaySide::Guest, number, "y"), None).unwrap();
    }
    assert_eq!(server.call(&send(RelaySide::Host, 9, "z"), None), Err(ApiError::RelayConflict));
    server.now_ms = crate::client::START_MS + RELAY_LIFE_MS - 1;
    assert!(server.call(&receive(RelaySide::Guest, 8), None).unwrap().is_some());
    server.now_ms += 1;
    assert_eq!(server.call(&receive(RelaySide::Guest, 8), None).unwrap(), None);
    block_on(server.service.sweep(server.now_ms)).unwrap();
    server.call(&send(RelaySide::Guest, 1, "anew"), None).unwrap();
}

fn a_closed_channel_is_empty<S: Store>(store: S) {
    let server = Server::new(store);
    server.call(&send(RelaySide::Host, 1, "a"), None).unwrap();
    server.call(&RelayClose { channel: CHANNEL }, None).unwrap();
    assert_eq!(server.call(&receive(RelaySide::Host, 1), None).unwrap(), None);
}
