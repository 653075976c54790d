/** What other programs need to run a container: their configuration, their command lines, places to mount on. */
@NullMarked
package dev.coracle.engines.container;

import org.jspecify.annotations.NullMarked;
