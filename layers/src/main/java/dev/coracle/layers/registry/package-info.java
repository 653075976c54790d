/** Images at registries: manifests, blobs, tags and search, with every digest checked before anything is believed. */
@NullMarked
package dev.coracle.layers.registry;

import org.jspecify.annotations.NullMarked;
