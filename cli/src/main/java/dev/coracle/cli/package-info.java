/** The command-line door and the local Lambda. */
@NullMarked
package dev.coracle.cli;

import org.jspecify.annotations.NullMarked;
