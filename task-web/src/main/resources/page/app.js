const session = await (await fetch('/session')).json();
document.getElementById('who').textContent = session.signedIn ? session.email : '';
