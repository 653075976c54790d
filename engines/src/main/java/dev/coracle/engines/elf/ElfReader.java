package dev.coracle.engines.elf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Walks the program headers and the dynamic section; every offset comes from the file and is checked. */
final class ElfReader {
    private static final int HEADER = 64;
    private static final int MAGIC = 0x464c457f;
    private static final int CLASS_64 = 2;
    private static final int LITTLE_ENDIAN = 1;
    private static final int PROGRAM_HEADER = 56;
    private static final int PT_LOAD = 1;
    private static final int PT_DYNAMIC = 2;
    private static final int PT_INTERP = 3;
    private static final int DT_NEEDED = 1;
    private static final int DT_STRTAB = 5;
    private static final int DT_STRSZ = 10;
    private static final int DT_RPATH = 15;
    private static final int DT_RUNPATH = 29;
    private static final int TABLE_MAX = 1 << 26;

    private final FileChannel channel;
    private final String name;
    private final List<Segment> segments = new ArrayList<>();

    private record Segment(int type, long offset, long address, long size) {}

    private record Dynamic(long tag, long value) {}

    ElfReader(FileChannel channel, String name) {
        this.channel = channel;
        this.name = name;
    }

    Optional<ElfFile> read() throws IOException {
        if (channel.size() < HEADER) {
            return Optional.empty();
        }
        ByteBuffer header = bytes(0, HEADER);
        if (header.getInt(0) != MAGIC || header.get(4) != CLASS_64 || header.get(5) != LITTLE_ENDIAN) {
            return Optional.empty();
        }
        int count = Short.toUnsignedInt(header.getShort(56));
        int each = Short.toUnsignedInt(header.getShort(54));
        if (count > 0 && each != PROGRAM_HEADER) {
            throw damaged("its program headers have " + each + " bytes");
        }
        ByteBuffer table = bytes(header.getLong(32), (long) count * PROGRAM_HEADER);
        for (int at = 0; at < count * PROGRAM_HEADER; at += PROGRAM_HEADER) {
            segments.add(new Segment(
                    table.getInt(at), table.getLong(at + 8), table.getLong(at + 16), table.getLong(at + 32)));
        }
        List<Dynamic> dynamic = dynamic();
        ByteBuffer strings = strings(dynamic);
        return Optional.of(new ElfFile(
                Short.toUnsignedInt(header.getShort(18)),
                interpreter(),
                texts(dynamic, DT_NEEDED, strings),
                directories(texts(dynamic, DT_RPATH, strings)),
                directories(texts(dynamic, DT_RUNPATH, strings))));
    }

    private Optional<Segment> segment(int type) {
        return segments.stream().filter(each -> each.type() == type).findFirst();
    }

    private Optional<String> interpreter() throws IOException {
        Optional<Segment> found = segment(PT_INTERP);
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(text(bytes(found.get().offset(), found.get().size()), 0));
    }

    private List<Dynamic> dynamic() throws IOException {
        List<Dynamic> entries = new ArrayList<>();
        Optional<Segment> found = segment(PT_DYNAMIC);
        if (found.isPresent()) {
            ByteBuffer table = bytes(found.get().offset(), found.get().size());
            while (table.remaining() >= 16 && table.getLong(table.position()) != 0) {
                entries.add(new Dynamic(table.getLong(), table.getLong()));
            }
        }
        return entries;
    }

    private ByteBuffer strings(List<Dynamic> dynamic) throws IOException {
        Optional<Long> address = value(dynamic, DT_STRTAB);
        Optional<Long> size = value(dynamic, DT_STRSZ);
        if (address.isEmpty() || size.isEmpty()) {
            return ByteBuffer.allocate(0);
        }
        for (Segment each : segments) {
            long distance = address.get() - each.address();
            if (each.type() == PT_LOAD && distance >= 0 && distance < each.size()) {
                return bytes(each.offset() + distance, size.get());
            }
        }
        throw damaged("its string table is not loaded");
    }

    private static Optional<Long> value(List<Dynamic> dynamic, int tag) {
        return dynamic.stream()
                .filter(each -> each.tag() == tag)
                .map(Dynamic::value)
                .findFirst();
    }

    private List<String> texts(List<Dynamic> dynamic, int tag, ByteBuffer strings) throws IOException {
        List<String> found = new ArrayList<>();
        for (Dynamic each : dynamic) {
            if (each.tag() == tag) {
                found.add(text(strings, each.value()));
            }
        }
        return found;
    }

    private static List<String> directories(List<String> paths) {
        return paths.stream()
                .flatMap(path -> Arrays.stream(path.split(":", -1)))
                .filter(directory -> !directory.isEmpty())
                .toList();
    }

    private String text(ByteBuffer from, long start) throws IOException {
        if (start < 0 || start >= from.limit()) {
            throw damaged("a string lies outside its table");
        }
        int end = (int) start;
        while (end < from.limit() && from.get(end) != 0) {
            end++;
        }
        byte[] text = new byte[end - (int) start];
        from.get((int) start, text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private ByteBuffer bytes(long offset, long size) throws IOException {
        if (offset < 0 || size < 0 || size > TABLE_MAX || offset > channel.size() - size) {
            throw damaged("a part of it lies beyond its end");
        }
        ByteBuffer buffer = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position()) < 0) {
                throw damaged("it became shorter");
            }
        }
        return buffer.flip();
    }

    private IOException damaged(String how) {
        return new IOException(name + " is a damaged ELF file: " + how);
    }
}
