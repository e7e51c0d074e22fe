// Looks now and then whether Tweestap ended the sign-in, and shows the page that says so.
setInterval(async () => {
  try {
    const response = await fetch('/signed-in', { cache: 'no-store' });
    if ((await response.text()) === 'no') location.reload();
  } catch {
    // The application is away; there is nothing to say about that here.
  }
}, 3000);
