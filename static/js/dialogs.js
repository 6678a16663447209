// Native dialogs: a link with data-dialog opens one here instead of its own page; menus close when one goes elsewhere.
export function watchDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.dialog);
      if (dialog) {
        event.preventDefault();
        dialog.showModal();
      }
      return;
    }
    const close = event.target.closest("[data-close]");
    if (close) {
      event.preventDefault();
      close.closest("dialog").close();
    }
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.querySelectorAll("dialog[data-open-now]").forEach((dialog) => dialog.showModal());
  document.addEventListener("htmx:afterSettle", () => {
    document.querySelectorAll("dialog[data-open-now]:not([open])").forEach((dialog) => dialog.showModal());
  });
}
