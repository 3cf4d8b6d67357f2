// Swagger UI is dark when <html> has the class dark-mode: the reader's choice, or the system's where that is "auto".
const root = document.documentElement;
const system = window.matchMedia("(prefers-color-scheme: dark)");
const paint = () => root.classList.toggle("dark-mode", root.dataset.theme === "dark" || (root.dataset.theme === "auto" && system.matches));
system.addEventListener("change", paint);
paint();
