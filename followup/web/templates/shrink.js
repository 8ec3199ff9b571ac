// A picture is made small before it travels, which also leaves behind where and with what it was taken; then it is sent at once.
for (const field of document.querySelectorAll("input[data-shrink]")) {
  field.addEventListener("change", async () => {
    const [file] = field.files;
    if (!file) return;
    try {
      const picture = await createImageBitmap(file);
      const scale = Math.min(1, 1600 / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      let small = null;
      for (const quality of [0.85, 0.7, 0.5, 0.3]) {
        small = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
        if (small.size <= Number(field.dataset.shrink)) break;
      }
      const list = new DataTransfer();
      list.items.add(new File([small], "picture.jpg", {type: "image/jpeg"}));
      field.files = list.files;
    } catch { /* what this browser cannot open is sent as it is, and said to be none */ }
    field.form.requestSubmit();
  });
}
