/** What woke us, as values: pure, no input or output. */
@NullMarked
package dev.coracle.events;

import org.jspecify.annotations.NullMarked;
