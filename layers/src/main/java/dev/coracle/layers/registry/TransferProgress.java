package dev.coracle.layers.registry;

import dev.coracle.layers.blob.Descriptor;

/** Hears of blobs on their way, several at a time: everything here is called from several threads. */
@FunctionalInterface
public interface TransferProgress {
    /** Hears nothing. */
    TransferProgress SILENT = blob -> bytes -> {};

    /** A blob begins; its transfer is closed however it ends. */
    Transfer begin(Descriptor blob);

    /** One blob on its way. */
    @FunctionalInterface
    interface Transfer extends AutoCloseable {
        /** So many bytes of the blob are here now; less than before when it had to begin again. */
        void at(long bytes);

        /** It is here, or was given up. */
        @Override
        default void close() {}
    }
}
