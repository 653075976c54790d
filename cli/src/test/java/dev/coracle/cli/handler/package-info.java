/** The real function in the local Lambda: events in, answers out, through the Runtime API. */
@NullMarked
package dev.coracle.cli.handler;

import org.jspecify.annotations.NullMarked;
