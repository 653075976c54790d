# Chromium without a display: zygote, renderers, JavaScript.
echo '<p id=a>x</p><script>document.getElementById("a").textContent = [1, 2, 3].map(x => x * 2).join()</script>' >page.html
timeout 90 chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --dump-dom file:///work/page.html 2>errors
echo "ended with $?"
