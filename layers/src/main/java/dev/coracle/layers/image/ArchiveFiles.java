package dev.coracle.layers.image;

import dev.coracle.layers.Compression;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;

/** An image whose files lie in a tar; a compressed one is decompressed into a scratch file first, to be read anywhere. */
final class ArchiveFiles implements ImageFiles {
    /** Old archives store a layer once and link to it. */
    private static final int LINKS_MAX = 8;

    private final Path archive;
    private final TarFile tar;
    private final Map<String, TarArchiveEntry> entries = new HashMap<>();

    private ArchiveFiles(Path archive, TarFile tar) {
        this.archive = archive;
        this.tar = tar;
        for (TarArchiveEntry entry : tar.getEntries()) {
            entries.put(normal(entry.getName()), entry);
        }
    }

    static ArchiveFiles open(Path archive, Path scratch) throws IOException {
        Path plain = archive;
        try (InputStream file = new BufferedInputStream(Files.newInputStream(archive))) {
            if (Compression.of(file) != Compression.NONE) {
                plain = scratch.resolve("archive.tar");
                Files.copy(Compression.open(file), plain, StandardCopyOption.REPLACE_EXISTING);
            }
            return new ArchiveFiles(archive, new TarFile(plain));
        } catch (IllegalArgumentException e) {
            throw new IOException("not a tar archive: " + e.getMessage(), e);
        }
    }

    private Optional<TarArchiveEntry> find(String name) {
        String wanted = name;
        for (int hop = 0; hop < LINKS_MAX; hop++) {
            TarArchiveEntry entry = entries.get(wanted);
            if (entry == null) {
                return Optional.empty();
            } else if (entry.isSymbolicLink()) {
                int slash = wanted.lastIndexOf('/');
                wanted = normal(wanted.substring(0, slash + 1) + entry.getLinkName());
            } else if (entry.isLink()) {
                wanted = normal(entry.getLinkName());
            } else {
                return entry.isDirectory() ? Optional.empty() : Optional.of(entry);
            }
        }
        return Optional.empty();
    }

    private static String normal(String name) {
        return Path.of("/").resolve(name).normalize().toString().substring(1);
    }

    @Override
    public String shown() {
        return archive.toString();
    }

    @Override
    public Optional<Long> size(String name) {
        return find(name).map(TarArchiveEntry::getSize);
    }

    @Override
    public InputStream open(String name) throws IOException {
        return tar.getInputStream(find(name).orElseThrow(() -> new NoSuchFileException(name)));
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }
}
