// Keys press buttons: a button with data-tombol="s" is pressed by s. Not while something is typed.
document.addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, textarea")) return;
  const button = document.querySelector(`button[data-tombol="${CSS.escape(event.key.toLowerCase())}"]`);
  if (button) {
    event.preventDefault();
    button.click();
  }
});
// A second press must not answer the pair twice. The pressed button is still to be sent, so it is no earlier.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "1";
});
