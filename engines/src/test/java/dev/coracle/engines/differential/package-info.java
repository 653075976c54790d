/** The same guest under a real chroot and under the engine: whatever differs is a bug. */
@NullMarked
package dev.coracle.engines.differential;

import org.jspecify.annotations.NullMarked;
