/**
 * The local Lambda: a Runtime API server that starts a function zip as AWS Lambda does, with the real Java runtime
 * interface client as its bootstrap, inside a sandbox that refuses what Lambda refuses.
 */
@NullMarked
package dev.coracle.cli.lambda;

import org.jspecify.annotations.NullMarked;
