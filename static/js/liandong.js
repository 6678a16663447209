// Everything here only eases what forms and links already do: without it every page still works.
import { watchBatches } from "./batch.js";
import { watchDialogs } from "./dialogs.js";
import { watchForms } from "./forms.js";
import { watchKeys } from "./keys.js";
import { watchPopovers } from "./popovers.js";
import { watchPreview } from "./preview.js";

document.documentElement.classList.add("js");
watchBatches();
watchDialogs();
watchForms();
watchKeys();
watchPopovers();
watchPreview();
