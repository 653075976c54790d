/** Manifests and indexes, in the forms of the OCI and of docker: read from bytes that nobody vouches for, and written. */
@NullMarked
package dev.coracle.layers.manifest;

import org.jspecify.annotations.NullMarked;
