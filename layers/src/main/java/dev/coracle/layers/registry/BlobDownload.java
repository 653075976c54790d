package dev.coracle.layers.registry;

import dev.coracle.layers.DigestedStream;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.blob.BlobFolder;
import dev.coracle.layers.blob.Descriptor;
import dev.coracle.layers.blob.PartialBlob;
import dev.coracle.layers.registry.TransferProgress.Transfer;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Response;

/** Brings one blob into a folder, and goes on where it broke off, in this run or in an earlier one. */
final class BlobDownload {
    /** A download that brought less than this has not come further. */
    private static final long PROGRESS = 1 << 20;

    private static final int CHUNK = 1 << 16;
    private static final int PARTIAL_CONTENT = 206;
    private static final int NOT_SATISFIABLE = 416;
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes ([0-9]{1,18})-.*");

    private final RemoteRepository repository;
    private final Descriptor blob;
    private final String tried;

    BlobDownload(RemoteRepository repository, Descriptor blob) {
        this.repository = repository;
        this.blob = blob;
        this.tried = "get the blob " + blob.digest() + " of " + repository;
    }

    /**
     * Returns when the blob is in the folder.
     *
     * @throws LayerException when it is not what was promised, or cannot be had
     */
    void into(BlobFolder folder, TransferProgress progress) {
        try (PartialBlob partial = folder.begin(blob.digest());
                Transfer transfer = progress.begin(blob)) {
            if (folder.has(blob)) {
                return;
            }
            boolean continued = partial.size() > 0;
            if (partial.size() > blob.size()) {
                partial.restart();
            }
            complete(partial, transfer);
            publish(partial, transfer, continued);
        } catch (IOException e) {
            throw new LayerException(Kind.IO, tried, String.valueOf(e.getMessage()), "make room", e);
        }
    }

    /** What an earlier run left may be wrong; then all of it is fetched anew, once. */
    private void publish(PartialBlob partial, Transfer transfer, boolean continued) throws IOException {
        try {
            partial.publish();
        } catch (LayerException e) {
            if (!continued) {
                throw e;
            }
            complete(partial, transfer);
            publish(partial, transfer, false);
        }
    }

    private void complete(PartialBlob partial, Transfer transfer) throws IOException {
        int failures = 0;
        long good = partial.size();
        while (partial.size() < blob.size()) {
            Optional<String> trouble = fetch(partial, transfer);
            if (trouble.isPresent()) {
                failures = partial.size() - good >= PROGRESS ? 1 : failures + 1;
                good = partial.size();
                giveUpAfter(failures, trouble.get());
                repository.transport().pauseAfter(failures);
            }
        }
    }

    private void giveUpAfter(int failures, String last) {
        boolean over = failures >= repository.transport().settings().retries().attempts();
        if (over || Thread.currentThread().isInterrupted()) {
            String happened = "it broke off " + failures + " times, the last time because " + last;
            throw new LayerException(Kind.NETWORK, tried, happened, "try again: what is here is kept");
        }
    }

    /** Fetches what is missing; answers why it did not come, which may get better. */
    private Optional<String> fetch(PartialBlob partial, Transfer transfer) {
        long from = partial.size();
        Map<String, String> headers = from == 0 ? Map.of() : Map.of("Range", "bytes=" + from + "-");
        return repository.ask(
                tried, "blobs/" + blob.digest(), headers, false, response -> take(response, partial, transfer));
    }

    private Optional<String> take(Response response, PartialBlob partial, Transfer transfer) throws IOException {
        boolean ranged = response.code() == PARTIAL_CONTENT;
        if (response.code() == NOT_SATISFIABLE || (ranged && begin(response) != partial.size())) {
            partial.restart();
            return Optional.of("it answers with another range than it was asked for");
        }
        // A server without ranges sends all of it again; what is here already is passed over, and the digest tells.
        long known = ranged ? 0 : partial.size();
        long announced = response.body().contentLength();
        long promised = partial.size() - known + announced;
        if (announced >= 0 && promised != blob.size()) {
            throw wrong(partial, Long.toString(promised));
        }
        return copy(response.body().byteStream(), known, partial, transfer);
    }

    private Optional<String> copy(InputStream in, long known, PartialBlob partial, Transfer transfer)
            throws IOException {
        long passOver = known;
        StallGuard guard =
                new StallGuard(repository.transport().settings().timeouts().stall(), System::nanoTime);
        byte[] chunk = new byte[CHUNK];
        while (true) {
            int read;
            try {
                read = in.read(chunk);
                guard.arrived(Math.max(0, read));
            } catch (IOException e) {
                return Optional.of(String.valueOf(e.getMessage()));
            }
            if (read < 0) {
                return partial.size() == blob.size()
                        ? Optional.empty()
                        : Optional.of("it ends after " + partial.size() + " of " + blob.size() + " bytes");
            }
            int old = (int) Math.min(passOver, read);
            passOver -= old;
            if (partial.size() + read - old > blob.size()) {
                throw wrong(partial, "larger");
            }
            partial.append(chunk, old, read - old);
            transfer.at(partial.size());
        }
    }

    private static long begin(Response response) {
        Matcher range = CONTENT_RANGE.matcher(String.valueOf(response.header("Content-Range", "")));
        return range.matches() ? Long.parseLong(range.group(1)) : -1;
    }

    /** Nothing of a blob that has another size is kept. */
    private LayerException wrong(PartialBlob partial, String actual) throws IOException {
        partial.restart();
        String shown = "the blob " + blob.digest() + " of " + repository;
        return DigestedStream.mismatch(shown, "size", Long.toString(blob.size()), actual);
    }
}
