package dev.coracle.cli.demo;

import java.time.Duration;

/**
 * Where the time of one event went.
 *
 * @param start making the sandbox and starting the function in it; zero when warm
 * @param unpack making the tree
 * @param run the command itself
 * @param total all of it
 */
record DemoTimings(Duration start, Duration unpack, Duration run, Duration total) {
    /** What is in none of the other parts: reading the event, making the answer, the Runtime API. */
    Duration rest() {
        return total.minus(start).minus(unpack).minus(run);
    }
}
