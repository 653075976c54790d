/** How registries are spoken to: trust, proxies, time-outs, redirects, tokens and patience. Knows nothing of images. */
@NullMarked
package dev.coracle.layers.registry.http;

import org.jspecify.annotations.NullMarked;
