# Python's own tests of multiprocessing, by processes, by threads and by managers, started by fork; how each single test ended.
python3 -m test -q --timeout=300 --junit-xml=/work/results.xml test_multiprocessing_fork >log 2>&1; echo "ended with $?"
cat >ends.py <<'END'
import xml.etree.ElementTree as tree
ends = []
for case in tree.parse("results.xml").iter("testcase"):
    kinds = sorted(child.tag for child in case if child.tag in ("failure", "error", "skipped"))
    ends.append(f"{case.get('name')} {' '.join(kinds) or 'ok'}")
print("\n".join(sorted(ends)))
END
python3 ends.py
