/**
 * The repository on this machine, laid out as udocker's, so that either program can use what the other made. What udocker lacks is
 * here: locks, and changes that are there wholly or not at all, whenever the program is killed.
 */
@NullMarked
package dev.coracle.layers.store;

import org.jspecify.annotations.NullMarked;
