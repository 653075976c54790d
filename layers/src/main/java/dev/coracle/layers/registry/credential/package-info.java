/** Who we are at which registry: docker's configuration, credential helpers and udocker's keystore. */
@NullMarked
package dev.coracle.layers.registry.credential;

import org.jspecify.annotations.NullMarked;
