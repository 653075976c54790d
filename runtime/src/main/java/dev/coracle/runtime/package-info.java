/** Containers and jobs: the visible list of steps from a request to a result. */
@NullMarked
package dev.coracle.runtime;

import org.jspecify.annotations.NullMarked;
