/** Tests of the choice of an engine. */
@NullMarked
package dev.coracle.engines.choice;

import org.jspecify.annotations.NullMarked;
