"""Load a list of residents or of closed cases from a CSV file, as `minyi import` does.

It writes into the database of a running `minyi up` of this folder, or into DATABASE_URL:

  python -m scripts.load_list residents 名单.csv --brought-by 综治中心 --reason 日常调查 --ground 日常调查制度
"""

from workers.commands.importing import app

if __name__ == "__main__":
    app(prog_name="python -m scripts.load_list")
