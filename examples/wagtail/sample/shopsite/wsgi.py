import os
import sys
from pathlib import Path

from django.core.wsgi import get_wsgi_application

# shopsync stands beside the sample site; in your project it is a folder like any other app.
sys.path.append(str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shopsite.settings")
application = get_wsgi_application()
