package dev.coracle.layers.image;

import dev.coracle.layers.Shell;
import java.nio.file.Path;

/** An image written by umoci: three layers with links, odd modes and times, attributes, whiteouts. */
public final class RealImage {
    /** Wraps the image into an index in an index, beside one for another processor. */
    public static final String NEST = """
            put() { h=$(sha256sum < "$1" | cut -d' ' -f1); cp "$1" img/blobs/sha256/$h; echo $h; }
            jq -c '.manifests[0] | del(.annotations) | .platform={os:"linux",architecture:"amd64"}' img/index.json > amd
            jq -c '.platform.architecture="arm64"' amd > arm
            jq -cs '{schemaVersion:2,manifests:.}' arm amd > inner; i=$(put inner)
            jq -cn --arg d sha256:$i --argjson s $(stat -c %s inner) '{schemaVersion:2,manifests:[{mediaType:"application/vnd.oci.image.index.v1+json",digest:$d,size:$s}]}' > outer
            o=$(put outer)
            jq -c --arg d sha256:$o --argjson s $(stat -c %s outer) '.manifests += [{mediaType:"application/vnd.oci.image.index.v1+json",digest:$d,size:$s,annotations:{"org.opencontainers.image.ref.name":"multi"}}]' img/index.json > new
            cp new img/index.json
            """;

    /** Rewrites the configuration so that a layer's content is not what it says; all other digests are right. */
    static final String LIE_ABOUT_CONTENT = """
            put() { h=$(sha256sum < "$1" | cut -d' ' -f1); cp "$1" img/blobs/sha256/$h; echo $h; }
            blob() { echo img/blobs/sha256/$(jq -r "$1" "$2" | cut -d: -f2); }
            m=$(blob .manifests[0].digest img/index.json); c=$(blob .config.digest $m)
            jq -c '.rootfs.diff_ids[0]="sha256:'$(printf '0%.0s' {1..64})'"' $c > config; h=$(put config)
            jq -c --arg d sha256:$h --argjson s $(stat -c %s config) '.config.digest=$d|.config.size=$s' $m > man; h=$(put man)
            jq -c --arg d sha256:$h --argjson s $(stat -c %s man) '.manifests[0].digest=$d|.manifests[0].size=$s' img/index.json > new
            cp new img/index.json
            """;

    private static final String MAKE = """
            mkdir -p one/bin one/d/sub one/locked one/work two/d three/d
            echo program > one/bin/tool; chmod 4755 one/bin/tool; ln one/bin/tool one/bin/twin
            ln -s ../bin/tool one/d/link; ln -s /nowhere one/dangling; echo old > one/d/old; echo s > one/d/sub/s
            echo 'naïve' > 'one/naïve'; echo in > one/locked/in; chmod 555 one/locked; chmod 1777 one/work
            long=$(printf 'n%.0s' {1..120}); echo long > one/$long; ln -s $long one/to-long; mkfifo one/pipe
            head -c 200000 /dev/urandom > one/d/big; setfattr -n user.note -v 0x00ff80 one/d/big 2>/dev/null || true
            find one -exec touch -h -d '2003-04-05 06:07:08' {} +; touch -d '1999-01-01' one/d one
            echo new > two/d/new; echo tool2 > two/tool2; find two -exec touch -d '2010-01-01' {} +
            umoci init --layout img
            umoci new --image img:v1
            umoci insert --image img:v1 one /
            umoci insert --image img:v1 two/tool2 /bin/tool
            umoci insert --image img:v1 --whiteout /d/old
            umoci insert --image img:v1 --opaque two/d /d/sub
            umoci config --image img:v1 --config.entrypoint /bin/sh --config.entrypoint -c --config.cmd 'echo hi' --config.env A=1 --config.env 'B=two words' --config.workingdir /work --config.user 7:8
            umoci unpack --image img:v1 bundle
            umoci gc --layout img
            """;

    private RealImage() {}

    /** Makes {@code img:v1} in a directory; skips the test when umoci is missing or the user is not root. */
    public static void make(Path directory) throws Exception {
        Shell.needs("umoci");
        Shell.needsRoot();
        Shell.run(directory, MAKE);
    }

    /** What umoci unpacked. */
    public static String reference(Path directory) throws Exception {
        return Shell.describe(directory.resolve("bundle/rootfs"));
    }
}
