import gc

import pytest
from autobahn import util
from autobahn.websocket import protocol

from config import many_sockets


@pytest.fixture
def prepared():
    before, words = gc.get_threshold(), (protocol.hltype, protocol.hlval)
    many_sockets.prepare()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)
    protocol.hltype, protocol.hlval = words


@pytest.mark.usefixtures("prepared")
def test_nobody_looks_for_garbage_with_every_event():
    assert gc.get_threshold() == many_sockets.LOOK_FOR_GARBAGE_AFTER
    assert gc.get_freeze_count() > 0


def test_the_words_that_are_left_plain_are_those_that_autobahn_colours():
    """Otherwise the library has changed, and the cure must be looked at again."""
    assert (protocol.hltype, protocol.hlval) == (util.hltype, util.hlval)


@pytest.mark.usefixtures("prepared")
def test_frame_is_sent_without_colouring_words(monkeypatch):
    coloured = []
    monkeypatch.setattr(util, "hl", lambda text, **_style: coloured.append(text) or text)
    written = []
    connection = object.__new__(protocol.WebSocketProtocol)  # its own beginning asks for a running server
    connection.transport = type("Transport", (), {"write": written.append})()
    connection.send_queue, connection.logOctets, connection.peer = [], False, "tcp4:127.0.0.1:1"
    connection.state = protocol.WebSocketProtocol.STATE_OPEN
    connection.trafficStats = protocol.TrafficStats()
    connection.log = type("Log", (), {"debug": staticmethod(lambda *_words, **_values: None)})()

    connection.sendData(b"frame")

    assert (written, coloured) == ([b"frame"], [])
