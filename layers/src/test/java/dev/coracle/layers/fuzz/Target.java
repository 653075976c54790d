package dev.coracle.layers.fuzz;

import dev.coracle.engines.TreeRemoval;
import dev.coracle.layers.Digest;
import dev.coracle.layers.LayerException;
import dev.coracle.layers.LayerException.Kind;
import dev.coracle.layers.Unpacker;
import dev.coracle.layers.image.Images;
import dev.coracle.layers.manifest.ManifestDocument;
import dev.coracle.layers.reference.LocalName;
import dev.coracle.layers.reference.Platform;
import dev.coracle.layers.reference.Reference;
import dev.coracle.layers.tar.SparseMap;
import dev.coracle.layers.tar.TarEntry;
import dev.coracle.layers.tar.TarReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Something that is given bytes and either understands them or says that it does not, in the one way that it has for that. */
enum Target {
    /** The reader of archives, by itself. */
    TAR {
        @Override
        void read(byte[] bytes) {
            try {
                entries(bytes);
            } catch (IOException e) {
                expected(e);
            }
        }
    },
    /** The same archives, onto a disk. */
    UNPACK {
        private static final Set<Kind> ANSWERS = EnumSet.of(Kind.CORRUPT, Kind.REFUSED, Kind.IO);

        @Override
        void read(byte[] bytes) throws IOException {
            Path scratch = Files.createTempDirectory("fuzz");
            Path secret = Files.writeString(scratch.resolve("secret"), "untouched");
            Path out = Files.createDirectory(scratch.resolve("out"));
            try (Unpacker unpacker = Unpacker.into(out)) {
                unpacker.layer(new ByteArrayInputStream(bytes), "it");
                unpacker.finish();
            } catch (LayerException e) {
                check(ANSWERS.contains(e.kind()), e.toString());
            } finally {
                check(Files.readString(secret).equals("untouched"), "what lies beside the tree was changed");
                try (Stream<Path> beside = Files.list(scratch)) {
                    check(beside.count() == 2, "something lies beside the tree");
                }
                TreeRemoval.remove(scratch);
            }
        }
    },
    /** Manifests and indexes: what one document is, it says itself. */
    MANIFEST {
        private static final Digest DIGEST = Digest.sha256(new byte[0]);

        @Override
        void read(byte[] bytes) {
            try {
                ManifestDocument document = new ManifestDocument("", DIGEST, bytes);
                check(document.parse().equals(document.parse()), "it is read in two ways");
            } catch (IllegalArgumentException e) {
                expected(e);
            }
        }
    },
    /** Configurations of images. */
    CONFIG {
        @Override
        void read(byte[] bytes) {
            try {
                check(!Images.config(text(bytes)).workdir().isEmpty(), "it works nowhere");
            } catch (LayerException e) {
                check(e.kind() == Kind.CORRUPT, e.toString());
            }
        }
    },
    /** Names of images, at registries and of this machine, and of platforms. */
    REFERENCE {
        @Override
        void read(byte[] bytes) {
            String text = text(bytes);
            parsed(() -> Reference.parse(text))
                    .ifPresent(each -> check(
                            Reference.parse(each.toString()).equals(each), "its normal form is another: " + each));
            parsed(() -> Platform.parse(text, "x86_64"));
            parsed(() -> LocalName.parse(text)).ifPresent(each -> {
                Path place = Path.of("/top").resolve(each.place());
                check(place.normalize().equals(place), "it leads elsewhere: " + place);
                check(place.startsWith("/top") && place.getNameCount() > 2, "it leads out: " + place);
                for (Path part : Path.of("/top").relativize(place)) {
                    check(
                            !part.toString().startsWith("."),
                            "it could be taken for a file of the repository's own: " + place);
                }
            });
        }
    };

    /**
     * Reads it.
     *
     * @throws AssertionError when something comes of it that must not
     */
    abstract void read(byte[] bytes) throws IOException;

    private static void entries(byte[] bytes) throws IOException {
        TarReader reader = new TarReader(new ByteArrayInputStream(bytes));
        for (Optional<TarEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
            TarEntry entry = next.get();
            check(entry.mode() <= 07777, "a mode has bits that there are not");
            check(entry.attributes().size() + entry.target().length() <= bytes.length, "more is said than there is");
            check(entry.modified().equals(entry.modified()), "a time is two");
            long end = 0;
            for (SparseMap.Part part : entry.content().parts()) {
                check(part.offset() >= end, "parts overlap");
                end = part.offset() + part.length();
            }
            check(end <= entry.content().size(), "a part lies behind the end");
            check(reader.content().readAllBytes().length <= bytes.length, "more is read than there is");
        }
    }

    private interface Parsing<T> {
        T parse();
    }

    private static <T> Optional<T> parsed(Parsing<T> parsing) {
        try {
            return Optional.of(parsing.parse());
        } catch (IllegalArgumentException e) {
            expected(e);
            return Optional.empty();
        }
    }

    private static void expected(Exception e) {
        check(e.getMessage() != null && !e.getMessage().isEmpty(), "it is refused without a word");
    }

    private static void check(boolean good, String otherwise) {
        if (!good) {
            throw new AssertionError(otherwise);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
