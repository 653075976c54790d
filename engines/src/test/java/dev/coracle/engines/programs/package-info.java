/** Real programs, each a family with a script of its own, under the engine and under a real chroot. */
@NullMarked
package dev.coracle.engines.programs;

import org.jspecify.annotations.NullMarked;
